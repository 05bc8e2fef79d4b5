"""Documents of word processors, readers and printers, as texts."""
