"""Commands that make files shipped with ConvScope: recordings and screenshots; and the JavaScript checks."""
