package simnet

import (
	"math"
	"math/bits"
)

// purpose keeps the draws for one thing apart from those for another.
type purpose uint64

const (
	ofNode purpose = iota
	ofHash
	ofID
	ofLife
	ofRTT
	ofPort
	ofBucket
	ofTable
	ofSwarm
	ofSeed
	ofHolder
	ofSample
	ofSpeech
	ofToken
	ofLuck
)

// draw returns the random number of this network for a purpose and what it depends on.
func (p *Planet) draw(what purpose, on ...uint64) uint64 {
	h := scramble(p.salt ^ uint64(what))
	for _, x := range on {
		h = scramble((h + golden) ^ x)
	}
	return h
}

// The constants of SplitMix64 (Steele, Lea and Flood 2014), and the inverses of its two factors.
const (
	golden                 = 0x9e3779b97f4a7c15
	mixA, mixB             = 0xbf58476d1ce4e5b9, 0x94d049bb133111eb
	unmixA, unmixB         = 0x96de1b173f119089, 0x319642b2d24d8ec3
	shiftA, shiftB, shiftC = 30, 27, 31
)

// scramble is the finaliser of SplitMix64, a bijection.
func scramble(x uint64) uint64 {
	x = (x ^ x>>shiftA) * mixA
	x = (x ^ x>>shiftB) * mixB
	return x ^ x>>shiftC
}

// unscramble undoes scramble.
func unscramble(x uint64) uint64 {
	x = (x ^ x>>shiftC ^ x>>(2*shiftC)) * unmixB
	x = (x ^ x>>shiftB ^ x>>(2*shiftB)) * unmixA
	return x ^ x>>shiftA ^ x>>(2*shiftA)
}

// chance makes an event with the given probability of a random number.
func chance(random uint64, probability float64) bool {
	const exact = 53 // bits of a float64
	return float64(random>>(64-exact))/(1<<exact) < probability
}

// below makes a number from 0 to n-1 of a random one (Lemire 2019, without the rejection).
func below[T int | uint64](random uint64, n T) T {
	hi, _ := bits.Mul64(random, uint64(n))
	return T(hi)
}

// normal draws a number that is normally distributed, with a mean of 0 and a deviation of 1 (Box and Muller).
func (p *Planet) normal(of purpose, about ...uint64) float64 {
	share := func(n uint64) float64 { return (float64(p.draw(of, append(about, n)...)>>11) + 0.5) / (1 << 53) }
	return math.Sqrt(-2*math.Log(share(1))) * math.Cos(2*math.Pi*share(2))
}
