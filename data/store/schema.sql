-- The Jobmap database: SpatiaLite, geometries WGS84 (EPSG:4326), longitude first. Times are seconds since 1970 UTC,
-- money is fen (1/100 yuan). Applied to an empty file after InitSpatialMetaDataFull(0); the geometry columns, their
-- spatial indexes and constraints follow below. `PRAGMA application_id` is 0x4A4D4150 ("JMAP"), user_version the
-- version of this schema. Whoever changes it adds a step to data/store/upgrade.cpp, which brings an older database here.
PRAGMA application_id = 1246576976;
PRAGMA user_version = 2;

-- layer '' is the database itself: database_id (random), generation (rises by one with every change),
-- revision (random, new with every change: two copies that went different ways never have the same), city,
-- utc_offset ("+08:00"), time_zone ("Asia/Shanghai", before the offset; or ''), currency ("CNY"), region
-- ("minx,miny,maxx,maxy" or "any"). A layer's rows say where its data is from:
-- datum (of the input; what is stored is WGS84), source, accuracy, licence, imported_at, rows.
CREATE TABLE meta (
  layer TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (layer, key)
) WITHOUT ROWID;

CREATE TABLE jobs (
  pk INTEGER PRIMARY KEY,
  source TEXT NOT NULL CHECK (source <> ''),
  id TEXT NOT NULL CHECK (id <> ''),
  title TEXT NOT NULL CHECK (title <> ''),
  description TEXT,
  category TEXT NOT NULL CHECK (category IN ('full_time', 'gig', 'internship')),
  openings INTEGER NOT NULL CHECK (openings BETWEEN 1 AND 1000000),
  employer TEXT NOT NULL CHECK (employer <> ''),
  uscc TEXT,
  pay_min INTEGER CHECK (pay_min BETWEEN 0 AND 2147483647),
  pay_max INTEGER CHECK (pay_max BETWEEN 0 AND 2147483647),
  pay_unit TEXT CHECK (pay_unit IN ('month', 'day', 'hour', 'piece')),
  settlement TEXT CHECK (settlement IN ('day', 'week', 'month', 'job')),
  shifts TEXT,
  months INTEGER CHECK (months BETWEEN 3 AND 12),
  stipend INTEGER CHECK (stipend BETWEEN 0 AND 2147483647),
  education TEXT CHECK (education IN ('none', 'primary', 'junior_secondary', 'senior_secondary', 'vocational',
                                      'associate', 'bachelor', 'master', 'doctor')),
  experience INTEGER CHECK (experience BETWEEN 0 AND 60),
  occupation TEXT,
  industry TEXT CHECK (industry GLOB '[A-T]'),
  address TEXT,
  district TEXT,
  precision TEXT NOT NULL CHECK (precision IN ('exact', 'address', 'street', 'community', 'district')),
  apply_url TEXT,
  contact TEXT,
  published_at INTEGER CHECK (published_at BETWEEN 0 AND 4294967295),
  expires_at INTEGER NOT NULL CHECK (expires_at BETWEEN 0 AND 4294967295),
  CHECK (pay_min IS NULL OR pay_max IS NULL OR pay_min <= pay_max),
  CHECK ((pay_min IS NULL AND pay_max IS NULL) OR pay_unit IS NOT NULL),
  CHECK (published_at IS NULL OR published_at <= expires_at)
);
CREATE UNIQUE INDEX jobs_source_id ON jobs (source, id);

CREATE TABLE stations (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  name_en TEXT NOT NULL,
  pinyin TEXT NOT NULL,
  initials TEXT NOT NULL
);
CREATE TABLE lines (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  color TEXT NOT NULL CHECK (color GLOB '#[0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F]')
);
-- The order of stations along each branch of a line.
CREATE TABLE line_stations (
  line TEXT NOT NULL REFERENCES lines (id),
  branch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  station TEXT NOT NULL REFERENCES stations (id),
  PRIMARY KEY (line, branch, seq)
) WITHOUT ROWID;
CREATE TABLE districts (
  pk INTEGER PRIMARY KEY,
  adcode TEXT NOT NULL UNIQUE CHECK (adcode <> ''),
  name TEXT NOT NULL
);
-- Codes that are no longer in use, with what became of them, so that an import can say so.
CREATE TABLE abolished_districts (
  adcode TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  note TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE service_points (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  address TEXT,
  capacity INTEGER CHECK (capacity >= 0),
  hours TEXT,
  source TEXT
);
CREATE TABLE venture_sites (
  pk INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  address TEXT,
  capacity INTEGER CHECK (capacity >= 0),
  hours TEXT,
  source TEXT
);

-- Residents at a point or in a cell, by its centre, degrees of WGS84.
CREATE TABLE population (
  lon REAL NOT NULL,
  lat REAL NOT NULL,
  residents REAL NOT NULL CHECK (residents >= 0),
  PRIMARY KEY (lon, lat)
) WITHOUT ROWID;

-- The street network, filled by `jobmap import-osm`. A network is a few long arrays, cut into blobs: in the
-- order of pk, the blobs of one part joined are that array, 32-bit little-endian words.
--   nodes   lon, lat in 1e-7 degree, along the Hilbert curve
--   edges   from, to, length in mm, access (the bits of geo/street_graph.hpp), by `from`
--   bends   how many points each edge has between its ends (absent where all are straight)
--   shape   lon, lat of those points
CREATE TABLE street_blobs (
  pk INTEGER PRIMARY KEY,
  part TEXT NOT NULL CHECK (part IN ('nodes', 'edges', 'bends', 'shape')),
  data BLOB NOT NULL
);
-- Where a station is entered, joined to the stations there are: made anew from street_entrances whenever they change.
-- Degrees, WGS84.
CREATE TABLE station_exits (
  pk INTEGER PRIMARY KEY,
  station TEXT NOT NULL REFERENCES stations (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  lon REAL NOT NULL,
  lat REAL NOT NULL
);
-- Every entrance of a station in the extract, whether or not a station of ours is near. areas: the names of its stop area,
-- one a line.
CREATE TABLE street_entrances (
  pk INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  areas TEXT NOT NULL,
  lon REAL NOT NULL,
  lat REAL NOT NULL
);
-- Water to draw, filled by `jobmap import-osm`. osm: way/123 or relation/7; kind: lake, river,
-- riverbank, reservoir and so on, as the tags have it.
CREATE TABLE water (
  pk INTEGER PRIMARY KEY,
  osm TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL
);

-- A job placed by community or district has geom NULL: it is never given a point.
SELECT AddGeometryColumn('jobs', 'geom', 4326, 'POINT', 'XY', 0);
SELECT AddGeometryColumn('stations', 'geom', 4326, 'POINT', 'XY', 1);
SELECT AddGeometryColumn('lines', 'geom', 4326, 'MULTILINESTRING', 'XY', 1);
SELECT AddGeometryColumn('districts', 'geom', 4326, 'MULTIPOLYGON', 'XY', 1);
SELECT AddGeometryColumn('service_points', 'geom', 4326, 'POINT', 'XY', 1);
SELECT AddGeometryColumn('venture_sites', 'geom', 4326, 'POINT', 'XY', 1);
SELECT AddGeometryColumn('water', 'geom', 4326, 'MULTIPOLYGON', 'XY', 1);
SELECT CreateSpatialIndex('jobs', 'geom');
SELECT CreateSpatialIndex('stations', 'geom');
SELECT CreateSpatialIndex('lines', 'geom');
SELECT CreateSpatialIndex('districts', 'geom');
SELECT CreateSpatialIndex('service_points', 'geom');
SELECT CreateSpatialIndex('venture_sites', 'geom');
SELECT CreateSpatialIndex('water', 'geom');
