"""ormlint: do the models, the schemas and the migrations still say the same thing?"""

__version__ = "0.1.0"
