"""Document to Programme: goals, tasks, units, bodies and rhythms, and the binding of goals to measures."""
