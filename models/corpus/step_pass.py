"""One step of growth taken by a likelihood or a probability over the cells of a grid, and the adjoint, compiled.

The formulas are those of ``growth``. ``begin`` is where the tables of the step begin in the arrays of all steps. A name
that begins with ``d_`` is the derivative of the log marginal likelihood by what follows.
"""

from __future__ import annotations

from estimates.models.formula import formula

# Arrays are cut to the cells at hand before a loop runs over them: then the loop runs in vector registers.


@formula
def pass_up(begin, steps, likelihood, result):
    """The likelihood of the later count from that of the earlier one; both of shape (cells,)."""
    size = len(likelihood)
    own, child_0, child_1 = steps.own[begin:], steps.child[0, begin:], steps.child[1, begin:]
    parent_0, parent_1 = steps.parent[0, begin:], steps.parent[1, begin:]
    before_0, before_1 = 0.0, 0.0
    for c in range(size):
        value = likelihood[c]
        result[c] = own[c] * value + parent_0[c] * before_0 + parent_1[c] * before_1
        before_0 += child_0[c] * value
        before_1 += child_1[c] * value

    parent_2, child_2 = steps.parent[2, begin:], steps.child[2, begin:]
    after = 0.0
    for c in range(size - 1, -1, -1):
        result[c] += parent_2[c] * after
        after += child_2[c] * likelihood[c]


@formula
def pass_down(begin, steps, mass, result):
    """The mass of the earlier count from that of the later one, both (cells,): the adjoint of :func:`pass_up`."""
    size = len(mass)
    own, child_0, child_1 = steps.own[begin:], steps.child[0, begin:], steps.child[1, begin:]
    parent_0, parent_1 = steps.parent[0, begin:], steps.parent[1, begin:]
    after_0, after_1 = 0.0, 0.0
    for c in range(size - 1, -1, -1):
        value = mass[c]
        result[c] = own[c] * value + child_0[c] * after_0 + child_1[c] * after_1
        after_0 += parent_0[c] * value
        after_1 += parent_1[c] * value

    parent_2, child_2 = steps.parent[2, begin:], steps.child[2, begin:]
    before = 0.0
    for c in range(size):
        result[c] += child_2[c] * before
        before += parent_2[c] * mass[c]


@formula
def step_adjoint(begin, steps, likelihood, mass, d_steps):
    """Add the derivative of ``mass . pass_up(likelihood)``, both (cells,), by the tables of the step."""
    size = len(mass)
    d_own, d_child_2 = d_steps.own[begin:], d_steps.child[2, begin:]
    d_parent_0, d_parent_1 = d_steps.parent[0, begin:], d_steps.parent[1, begin:]
    child_0, child_1, parent_2 = steps.child[0, begin:], steps.child[1, begin:], steps.parent[2, begin:]
    before_0, before_1, after_2 = 0.0, 0.0, 0.0

    for c in range(size):
        value, passed = likelihood[c], mass[c]
        d_own[c] += passed * value
        d_parent_0[c] += passed * before_0
        d_parent_1[c] += passed * before_1
        d_child_2[c] += value * after_2
        before_0 += child_0[c] * value
        before_1 += child_1[c] * value
        after_2 += parent_2[c] * passed

    d_child_0, d_child_1, d_parent_2 = d_steps.child[0, begin:], d_steps.child[1, begin:], d_steps.parent[2, begin:]
    parent_0, parent_1, child_2 = steps.parent[0, begin:], steps.parent[1, begin:], steps.child[2, begin:]
    after_0, after_1, before_2 = 0.0, 0.0, 0.0

    for c in range(size - 1, -1, -1):
        value, passed = likelihood[c], mass[c]
        d_child_0[c] += value * after_0
        d_child_1[c] += value * after_1
        d_parent_2[c] += passed * before_2
        after_0 += parent_0[c] * passed
        after_1 += parent_1[c] * passed
        before_2 += child_2[c] * value
