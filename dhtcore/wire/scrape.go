package wire

// FilterLen is the length in bytes of a BEP 33 bloom filter.
const FilterLen = 256

// filters returns the bloom filters of a reply to a scrape (BEP 33), nil where there is none of the right length. They
// alias the packet.
func (m *Message) filters() (seeds, peers []byte) {
	m.rest(func(s *scanner, key string) {
		switch key {
		case "BFsd":
			seeds = s.sized(m, keySeedFilter, FilterLen)
		case "BFpe":
			peers = s.sized(m, keyPeerFilter, FilterLen)
		default:
			s.skip()
		}
	})
	return seeds, peers
}

func cloneFilter(b []byte) *[FilterLen]byte {
	if b == nil {
		return nil
	}
	f := [FilterLen]byte(b)
	return &f
}
