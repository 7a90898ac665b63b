"""Where things are: municipalities, postcodes, addresses and the outline of the country."""
