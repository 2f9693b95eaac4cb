"""https://github.com/nficano/humps"""

from humps.main import camelize, pascalize
