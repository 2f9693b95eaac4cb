from advanced_alchemy.mixins import UniqueMixin
