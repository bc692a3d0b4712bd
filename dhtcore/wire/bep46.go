package wire

// Pointer returns the info_hash of the torrent to which a mutable item points (BEP 46): its value is a dictionary with
// the 20 bytes "ih".
func (it *Item) Pointer() (hash ID, ok bool) {
	s := scanner{b: it.Value}
	if !it.Mutable() || !s.open('d') {
		return ID{}, false
	}
	for s.more() {
		key, isStr := s.str()
		if !isStr {
			return ID{}, false
		}
		if string(key) != "ih" {
			s.skip()
			continue
		}
		b, isStr := s.str()
		if ok = isStr && len(b) == len(hash); ok {
			hash = ID(b)
		}
	}
	return hash, ok && !s.bad
}
