//! What derives may name. Not an interface: it changes with every release.
