"""Divisions, positions, roads and ferries, travel times: the ground on which plans are made."""
