-- The street network, made by the first `jobmap import-osm`. A network is a few long arrays, cut into blobs: in the
-- order of pk, the blobs of one part joined are that array, 32-bit little-endian words.
--   nodes   lon, lat in 1e-7 degree, along the Hilbert curve
--   edges   from, to, length in mm, access (the bits of geo/street_graph.hpp), by `from`
--   bends   how many points each edge has between its ends (absent where all are straight)
--   shape   lon, lat of those points
CREATE TABLE IF NOT EXISTS street_blobs (
  pk INTEGER PRIMARY KEY,
  part TEXT NOT NULL CHECK (part IN ('nodes', 'edges', 'bends', 'shape')),
  data BLOB NOT NULL
);
-- Where a station is entered, joined to the stations there are: made anew from street_entrances whenever they change.
-- Degrees, WGS84.
CREATE TABLE IF NOT EXISTS station_exits (
  pk INTEGER PRIMARY KEY,
  station TEXT NOT NULL REFERENCES stations (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  lon REAL NOT NULL,
  lat REAL NOT NULL
);
-- Every entrance of a station in the extract, whether or not a station of ours is near. areas: the names of its stop area,
-- one a line.
CREATE TABLE IF NOT EXISTS street_entrances (
  pk INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  areas TEXT NOT NULL,
  lon REAL NOT NULL,
  lat REAL NOT NULL
);
