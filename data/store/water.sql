-- Water to draw, made by the first `jobmap import-osm` that finds some. osm: way/123 or relation/7; kind: lake, river,
-- riverbank, reservoir and so on, as the tags have it.
CREATE TABLE water (
  pk INTEGER PRIMARY KEY,
  osm TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL
);
SELECT AddGeometryColumn('water', 'geom', 4326, 'MULTIPOLYGON', 'XY', 1);
SELECT CreateSpatialIndex('water', 'geom');
