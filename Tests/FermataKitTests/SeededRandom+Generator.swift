import Simulator

extension SeededRandom: RandomNumberGenerator {}
