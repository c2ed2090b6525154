#include "geo/rtree.hpp"
