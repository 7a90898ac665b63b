import subprocess
import sys

from weekapp.map.skeleton import drawings, skeleton

TILES = "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/standaard/EPSG:3857/{z}/{x}/{y}.png"


def test_two_processes_make_the_same_script():
    asked = "from weekapp.map.skeleton import skeleton; print(skeleton('').digest)"
    runs = {subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True).stdout for _ in range(2)}
    assert runs == {skeleton("").digest + "\n"}


def test_no_file_comes_from_another_host():
    made = skeleton("")
    assert all(address.startswith("/assets/") for address in made.styles + made.scripts)
    assert b"http" not in made.script


def test_without_tiles_the_country_is_drawn():
    script = skeleton("").script.decode()
    assert "komErbij.drawCountry" in script
    assert drawings()["omtrek"].path in script
    assert "GeoNames (CC BY 4.0)" in script


def test_with_tiles_they_are_used_and_credited():
    script = skeleton(TILES).script.decode()
    assert TILES in script
    assert "Kadaster" in script
    assert "drawCountry" not in script


def test_clustering_knows_how_far_one_can_zoom_and_a_drawn_map_ends_where_nothing_more_is_drawn():
    assert '"maxZoom": 17' in skeleton(TILES).script.decode()
    assert '"maxZoom": 14' in skeleton("").script.decode()
