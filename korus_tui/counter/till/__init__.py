"""The drawer: float, takings, X and Z, the agents, the report."""
