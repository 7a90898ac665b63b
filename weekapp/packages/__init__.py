"""The Kom Erbij package: its contents and its stock."""
