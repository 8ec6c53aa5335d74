"""Pages become articles: decoded, cleaned, dated, named by their canonical URL, and signed so that copies are found."""
