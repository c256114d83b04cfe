"""« Rendez-vous partenaire » of France Travail: what is told, and how (docs/operations/france-travail.md)."""
