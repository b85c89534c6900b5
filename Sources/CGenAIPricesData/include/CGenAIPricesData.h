#ifndef C_GENAI_PRICES_DATA_H
#define C_GENAI_PRICES_DATA_H

#include <stddef.h>

/// The providers with their models and prices: a JSON array (version 2 of the genai-prices data format), not terminated by a zero.
const unsigned char *hearth_genai_prices_pointer(void);
extern const size_t hearth_genai_prices_count;

/// The units that prices are given for: a JSON object by usage key, not terminated by a zero.
const unsigned char *hearth_genai_prices_units_pointer(void);
extern const size_t hearth_genai_prices_units_count;

#endif
