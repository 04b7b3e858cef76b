"""Write all dashboards."""

from tools.dashboards import DASHBOARDS, FOLDER, page_of


def main() -> None:
    """Write the file of each."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for dashboard in DASHBOARDS:
        (FOLDER / f"{dashboard.name}.json").write_text(page_of(dashboard), "utf-8")


if __name__ == "__main__":
    main()
