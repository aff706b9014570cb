"""When and where the reported person is likely to be."""
