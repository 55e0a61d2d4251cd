"""What an integrator needs: keys for programs, the description of the API, and a page to try it on.

A key never may more than the person who made it, on the day it is used.
"""
