"""Words of which fictitious names are made: organisations of a department, agents. Nobody and nothing real. Pure."""

from __future__ import annotations

OPERATORS = (
    "Rivages et Toits",
    "Le Fil d’Ariane solidaire",
    "Horizons partagés",
    "Maison des Deux Rives",
    "Ancrages",
    "Nouveaux Départs",
    "Le Pont-Levis",
    "Terres d’accueil et d’avenir",
)
TEST_PROVIDERS = ("Évalangues", "Positionnement Plus", "Niveaux et Langues", "L’Étalon des langues")
TRAINING_BODIES = (
    "L’Atelier des lettres",
    "Forma Horizons",
    "Le Mot juste",
    "Cap Savoirs",
    "Les Métiers d’abord",
    "Passerelle des langues",
    "Institut du geste et du verbe",
    "École des chantiers",
    "Parcours et Compétences",
    "La Grammaire vivante",
)
SIAE = (
    "Les Jardins du Lien",
    "Le Chantier du Renouveau",
    "La Recyclerie du Coin",
    "Cuisine et Partage",
    "Les Ateliers du Val",
    "Propre et Solidaire",
    "Intérim d’insertion Tremplin",
    "Le Vélo retrouvé",
    "Textile et Compagnie",
    "Les Bâtisseurs du quartier",
)
ASSOCIATIONS = (
    "Accueil et Partage",
    "Femmes d’ici et d’ailleurs",
    "Le Parrainage citoyen",
    "Ouvrir la porte",
    "Mobilité pour tous",
    "La Maison des familles",
    "Les Mots du voisinage",
    "Un toit, un avenir",
)
EMPLOYERS = (
    "Résidence Les Tilleuls",
    "Hôtel du Parc",
    "Maçonnerie du Val",
    "Services à domicile Azur",
    "Brasserie de la Gare",
    "Les Vergers du Coteau",
    "Propreté Services",
    "Logistique du Carrefour",
    "Ateliers mécaniques réunis",
    "Boucherie du Marché",
    "Électricité générale Martel",
    "Cuisines collectives du Midi",
    "Transports du Relais",
    "Confection du Faubourg",
    "Maraîchage de la Plaine",
    "Menuiserie du Pont",
)
STREETS = (
    "rue de la République",
    "avenue de la Gare",
    "place du Marché",
    "rue des Écoles",
    "boulevard des Tilleuls",
    "rue du Moulin",
    "allée des Platanes",
    "rue Neuve",
    "quai du Port",
    "rue de l’Hôtel-de-Ville",
)
GIVEN_NAMES = (
    "Agathe Alain Alice Amandine Anaïs André Angèle Antoine Arnaud Aude Augustin Basile Béatrice Benoît Blandine "
    "Bruno Camille Carole Cécile Céline Charlotte Christophe Claire Clément Colette Corentin Damien Delphine Denis "
    "Diane Dorothée Édith Édouard Élise Éloïse Emma Émile Estelle Étienne Eugénie Fabrice Fanny Félix Flore Florent "
    "Francine Gabriel Gaëlle Gaspard Geoffroy Gilles Grégoire Guillaume Hélène Henri Hortense Hugo Inès Irène Isabelle "
    "Jacques Jeanne Jérôme Joël Joséphine Judith Julien Juliette Karine Laure Laurent Léa Léon Lise Loïc Louise Lucas "
    "Lucie Ludovic Madeleine Marc Margaux Marianne Mathilde Maud Maxime Mélanie Michel Mireille Nadège Nathan Nicolas "
    "Noémie Odile Olivier Pascal Paul Pauline Philippe Rachel Raphaël Régine Rémi Renaud Romain Rose Sabine Samuel "
    "Sandrine Sébastien Simon Solène Sophie Sylvain Théo Thibault Valentin Vincent Violaine Xavier Yann Yvonne Zoé"
).split()
FAMILY_NAMES = (
    "Abeillon Aubrac Auvergnat Bachelot Barbazan Beauclair Bellanger Berthier Bessonnet Blanchot Boisseau Bonnard "
    "Bourdelais Brisset Brunelle Cadenet Carpentreau Castelnau Chabrier Chambon Champlain Charrier Chastagnet Clairval "
    "Colombet Cordelier Courtin Daubigny Delaunay Delmas Desforges Dessertine Dubreuil Duchemin Dumontet Duvernay "
    "Esnault Fabregue Farigoule Faucher Ferrandi Fontenoy Fougeret Fromentin Gaillac Garancher Gasquet Gaudreau "
    "Gervaise Girodet Godefroy Grandval Grosjean Guilbaud Hautefort Hurlevent Jacquemin Jardillier Joubert Labarthe "
    "Lachenal Lafargue Lamothe Lanceleau Laroche Lavigne Lebreuil Lecointre Lefranc Lemercier Lestrade Lormeau "
    "Maillard Malaterre Marchandeau Marsaudon Maurevert Mercadier Mirabel Montalieu Montfaucon Mouligneau Nadaud "
    "Noirmont Orsolle Paillet Panazol Pasquier Peyrade Philibert Pimprenelle Planchon Pontvallain Poulignac Pradelle "
    "Quintard Rambourg Ravinel Rochebrune Rougemont Roussillon Sablonnet Sauvageot Savignac Serpollet Taillefer "
    "Tardieu Thévenet Tournemire Valadier Vauclair Verneuil Vieillefosse Villandry Vincendon Voisenet"
).split()
ABSENT_WORDS = {"de", "du", "des", "la", "le", "les", "l", "d", "et", "un", "pour", "a"}
