package wire

// Direction says whether we receive or send a packet.
type Direction uint8

// The directions.
const (
	In  Direction = iota // to us
	Out                  // from us
)

// String returns "in" or "out".
func (d Direction) String() string {
	if d == Out {
		return "out"
	}
	return "in"
}
