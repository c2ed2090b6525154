-- The same jobs in PostGIS, as somebody who wants speed would lay them out: typed columns, an index for each
-- category and one for tiles in the tiles' own projection, rows clustered in space, statistics fresh.
-- psql reads it in the directory of jobs.csv, queries.txt and tiles.txt; :category is the one asked about.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
SET maintenance_work_mem = '512MB';
CREATE EXTENSION postgis;

CREATE UNLOGGED TABLE csv (
  id text, source text, title text, description text, category text, openings int, employer text, uscc text,
  pay_min numeric, pay_max numeric, pay_unit text, settlement text, shifts text, months int, stipend numeric,
  education text, experience int, occupation text, industry text, address text, district text, lon float8,
  lat float8, "precision" text, apply_url text, contact text, published_at timestamptz, expires_at timestamptz);
\copy csv FROM 'jobs.csv' CSV HEADER

CREATE TABLE jobs AS
  SELECT source || ':' || id AS id, source, title, description, category, openings, employer, uscc, pay_min,
         pay_max, pay_unit, settlement, shifts, months, stipend, education, experience, occupation, industry,
         address, district, lon, lat, "precision", apply_url, contact, published_at, expires_at,
         p::geography(Point, 4326) AS geog, ST_Transform(p, 3857)::geometry(Point, 3857) AS geom
  FROM (SELECT *, CASE WHEN "precision" IN ('exact', 'address', 'street')
                       THEN ST_SetSRID(ST_MakePoint(lon, lat), 4326) END AS p
        FROM csv WHERE expires_at > now()) located;
DROP TABLE csv;
CREATE INDEX jobs_geog ON jobs USING gist (geog);
CREATE INDEX jobs_full_time ON jobs USING gist (geog) WHERE category = 'full_time';
CREATE INDEX jobs_gig ON jobs USING gist (geog) WHERE category = 'gig';
CREATE INDEX jobs_internship ON jobs USING gist (geog) WHERE category = 'internship';
CREATE INDEX jobs_geom ON jobs USING gist (geom);
CLUSTER jobs USING jobs_geog;

CREATE TABLE queries (i serial PRIMARY KEY, lon float8, lat float8, geog geography(Point, 4326));
\copy queries (lon, lat) FROM 'queries.txt' CSV
UPDATE queries SET geog = ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography;
CREATE TABLE tiles (i serial PRIMARY KEY, z int, x int, y int);
\copy tiles (z, x, y) FROM 'tiles.txt' (DELIMITER '/')
VACUUM (FULL, ANALYZE) queries;
VACUUM ANALYZE jobs;
VACUUM ANALYZE tiles;
