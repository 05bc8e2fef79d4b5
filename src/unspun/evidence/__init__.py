"""Why a pair scored as it did, as data."""
