"""What holds for every amount and quantity, proven by Z3 on the rules' own code.

`symbolic` lets the code of a rule run on numbers that stand for any number; `questions` says of each rule which number it
judges; `test_proofs` proves them and holds that no rule with a number is left out. `filed` does so for each kind of cap that a
law written as data may have, `test_payments` for the arithmetic of payments and accounts.
"""
