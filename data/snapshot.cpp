#include "data/snapshot.hpp"
