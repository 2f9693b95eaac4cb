from advanced_alchemy.base import *
