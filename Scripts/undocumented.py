"""Names public symbols without a documentation comment, and fails if there are any: undocumented.py FOLDER/MODULE…, FOLDER with symbol graphs."""

import glob
import json
import sys

# What the compiler writes itself, and what fulfils a documented requirement of somebody else's protocol.
DERIVED = {'==(_:_:)', '!=(_:_:)', 'hash(into:)', 'hashValue', 'encode(to:)', 'init(from:)'}


def undocumented(path: str) -> list[str]:
    with open(path) as file:
        graph = json.load(file)
    fulfils = {r['source'] for r in graph['relationships'] if r.get('sourceOrigin') or r['kind'] in ('overrides', 'defaultImplementationOf')}
    found = []
    for symbol in graph['symbols']:
        identifier = symbol['identifier']['precise']
        if symbol['accessLevel'] not in ('public', 'open') or '::SYNTHESIZED::' in identifier or identifier in fulfils:
            continue
        if symbol['names']['title'] in DERIVED or symbol['kind']['identifier'] == 'swift.extension':
            continue
        # Numbers of fields, named as in the protocol.
        if symbol['pathComponents'][0] == 'OTLPFields' and symbol['kind']['identifier'] == 'swift.type.property':
            continue
        if not any(line['text'].strip() for line in symbol.get('docComment', {}).get('lines', [])):
            place = symbol.get('location', {})
            file_name = place.get('uri', '').removeprefix('file://')
            line = place.get('position', {}).get('line', -1) + 1
            found.append(f'{file_name}:{line}: {graph["module"]["name"]}.{".".join(symbol["pathComponents"])} has no documentation')
    return found


if __name__ == '__main__':
    modules = [path.removesuffix('.symbols.json') for path in sys.argv[1:]]
    graphs = [f'{module}.symbols.json' for module in modules]
    graphs += [path for module in modules for path in glob.glob(f'{module}@*.symbols.json')]
    missing = sorted(line for path in graphs for line in undocumented(path))
    print('\n'.join(missing) or f'every public symbol of {len(modules)} modules is documented')
    sys.exit(1 if missing else 0)
