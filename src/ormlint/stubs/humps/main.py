"""https://github.com/nficano/humps"""

import re


def camelize(str_or_iter):
    if str_or_iter.isupper() or str_or_iter.isnumeric():
        return str_or_iter
    if not str_or_iter[:2].isupper():
        str_or_iter = str_or_iter[:1].lower() + str_or_iter[1:]
    return re.sub(r"(?<=[^\-_])[\-_]+[^\-_]", lambda match: match[0][-1].upper(), str_or_iter)


def pascalize(str_or_iter):
    if str_or_iter.isupper() or str_or_iter.isnumeric():
        return str_or_iter
    camelized = camelize(re.sub(r"[^\-_]+", lambda match: match[0][:1].upper() + match[0][1:], str_or_iter))
    return camelized[:1].upper() + camelized[1:]

