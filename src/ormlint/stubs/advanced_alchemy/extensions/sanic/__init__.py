from advanced_alchemy import base, mixins
