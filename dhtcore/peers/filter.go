package peers

import (
	"crypto/sha1"
	"math"
	"math/bits"
	"net/netip"
)

// Filter is the bloom filter of BEP 33: a set of IP addresses that can be merged with the sets of other
// nodes and whose size can be estimated. The zero value is the empty set.
type Filter [256]byte

// The parameters of BEP 33: two hashes, of 11 bits each, for every address.
const (
	filterBits   = len(Filter{}) * 8
	filterHashes = 2
)

// Add adds ip to the set. An IPv4 address mapped into IPv6 counts as IPv4.
func (f *Filter) Add(ip netip.Addr) {
	if ip = ip.Unmap(); ip.Is4() {
		a := ip.As4()
		f.add(a[:])
		return
	}
	a := ip.As16()
	f.add(a[:])
}

func (f *Filter) add(ip []byte) {
	hash := sha1.Sum(ip)
	for i := range filterHashes {
		bit := (int(hash[2*i]) | int(hash[2*i+1])<<8) % filterBits
		f[bit/8] |= 1 << (bit % 8)
	}
}

// Merge makes f the union of f and other.
func (f *Filter) Merge(other *Filter) {
	for i := range f {
		f[i] |= other[i]
	}
}

// Estimate returns about how many addresses are in the set, by the formula of BEP 33: within 5 % up to some
// 4,000. A filter is full at around 8,000, the largest estimate. For the empty set, where the formula gives
// one half, Estimate returns 0.
func (f *Filter) Estimate() float64 {
	zeros := filterBits
	for _, b := range f {
		zeros -= bits.OnesCount8(b)
	}
	if zeros == filterBits {
		return 0
	}
	const m = float64(filterBits)
	return math.Log(float64(max(zeros, 1))/m) / (filterHashes * math.Log1p(-1/m))
}
