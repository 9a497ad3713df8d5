//! Derives of Aludel: metadata and conversions, never decisions.
