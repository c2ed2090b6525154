-- The schema as the first program of version 1 made it, with the street tables of the first that had any.
PRAGMA application_id = 1246576976;
PRAGMA user_version = 1;
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
  openings INTEGER NOT NULL CHECK (openings >= 1),
  employer TEXT NOT NULL CHECK (employer <> ''),
  uscc TEXT,
  pay_min INTEGER CHECK (pay_min >= 0),
  pay_max INTEGER CHECK (pay_max >= 0),
  pay_unit TEXT CHECK (pay_unit IN ('month', 'day', 'hour', 'piece')),
  settlement TEXT CHECK (settlement IN ('day', 'week', 'month', 'job')),
  shifts TEXT,
  months INTEGER CHECK (months BETWEEN 3 AND 12),
  stipend INTEGER CHECK (stipend >= 0),
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
  published_at INTEGER,
  expires_at INTEGER NOT NULL,
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
CREATE TABLE line_stations (
  line TEXT NOT NULL REFERENCES lines (id),
  branch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  station TEXT NOT NULL REFERENCES stations (id),
  PRIMARY KEY (line, branch, seq)
) WITHOUT ROWID;
CREATE TABLE districts (
  pk INTEGER PRIMARY KEY,
  adcode TEXT NOT NULL UNIQUE CHECK (adcode GLOB '[0-9][0-9][0-9][0-9][0-9][0-9]'),
  name TEXT NOT NULL
);
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
SELECT AddGeometryColumn('jobs', 'geom', 4326, 'POINT', 'XY', 0);
SELECT AddGeometryColumn('stations', 'geom', 4326, 'POINT', 'XY', 1);
SELECT AddGeometryColumn('lines', 'geom', 4326, 'MULTILINESTRING', 'XY', 1);
SELECT AddGeometryColumn('districts', 'geom', 4326, 'MULTIPOLYGON', 'XY', 1);
SELECT AddGeometryColumn('service_points', 'geom', 4326, 'POINT', 'XY', 1);
SELECT AddGeometryColumn('venture_sites', 'geom', 4326, 'POINT', 'XY', 1);
SELECT CreateSpatialIndex('jobs', 'geom');
SELECT CreateSpatialIndex('stations', 'geom');
SELECT CreateSpatialIndex('lines', 'geom');
SELECT CreateSpatialIndex('districts', 'geom');
SELECT CreateSpatialIndex('service_points', 'geom');
SELECT CreateSpatialIndex('venture_sites', 'geom');
CREATE TABLE street_blobs (
  pk INTEGER PRIMARY KEY,
  part TEXT NOT NULL CHECK (part IN ('nodes', 'edges', 'bends', 'shape')),
  data BLOB NOT NULL
);
CREATE TABLE station_exits (
  pk INTEGER PRIMARY KEY,
  station TEXT NOT NULL REFERENCES stations (id),
  name TEXT NOT NULL,
  lon REAL NOT NULL,
  lat REAL NOT NULL
);
