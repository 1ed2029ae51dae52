internal import MingchaCLI

runMingcha()
