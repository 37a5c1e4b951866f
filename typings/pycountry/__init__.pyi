class Subdivision:
    code: str
    name: str
    parent_code: str | None

class Subdivisions:
    def get(self, *, country_code: str) -> list[Subdivision] | None: ...

subdivisions: Subdivisions
