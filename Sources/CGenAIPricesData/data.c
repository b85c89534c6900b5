#include "CGenAIPricesData.h"

#if defined(__clang__)
#pragma clang diagnostic ignored "-Wc23-extensions"
#endif

static const unsigned char prices[] = {
#embed "genai-prices.json"
};

static const unsigned char units[] = {
#embed "genai-prices-units.json"
};

const size_t hearth_genai_prices_count = sizeof prices;
const size_t hearth_genai_prices_units_count = sizeof units;

const unsigned char *hearth_genai_prices_pointer(void) { return prices; }

const unsigned char *hearth_genai_prices_units_pointer(void) { return units; }
