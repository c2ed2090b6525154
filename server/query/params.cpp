#include "query/params.hpp"
