package peers

import "encoding/binary"

// A record is one peer: its compact address of 6 or 18 bytes, its flags, the second of its last announce since the
// store's epoch, and with Config.PeerIDs its peer ID. It is bytes and not a struct, so that the same code serves both families and no
// byte is lost to alignment.
const (
	maxAddrLen = 18
	recordTail = 1 + 4 // flags, second
	peerIDLen  = 20
)

// The flags of a record, above its Source.
const (
	flagSeed    = 1 << 7
	flagPartial = 1 << 6 // has all that it wants, not all that there is (BEP 21)
	flagNamed   = 1 << 5 // its address was named by the peer, not seen
	flagDone    = 1 << 4 // it has told the tracker that it completed, and that is counted
	sourceMask  = flagDone - 1
)

// The records of one swarm and family are a run, sorted by address, in a block. Blocks have the capacities
// 1, 2 ... 8, 10, 12, 14, 16, 20 ... by class from 1, four to a doubling; class 0 is no block.
func capacity(class uint8) int {
	if class <= 4 {
		return int(class)
	}
	return (5 + int(class-5)%4) << ((class - 5) / 4)
}

const classes = 61 // up to 65,536 records, more than a run counts

// chunkLen is how many bytes of blocks are allocated at once, but for the first ones. It is small, and the first chunk of a
// pool grows from an eighth of it, because the embedded network has hundreds of stores that are nearly empty.
const chunkLen = 2048

// pool holds the blocks of one class without gaps: the last block moves to where one is freed. So memory is
// given back, and a block can be chosen at random.
type pool struct {
	chunks   [][]byte
	n        int // blocks in use
	blockLen int // ownerLen bytes that name the swarm, and the records
	each     int // blocks in a chunk
}

const ownerLen = 4

func newPool(class uint8, recordLen int) pool {
	blockLen := ownerLen + capacity(class)*recordLen
	return pool{blockLen: blockLen, each: max(1, chunkLen/blockLen)}
}

func (p *pool) block(i uint32) []byte {
	chunk, at := p.chunks[int(i)/p.each], int(i)%p.each*p.blockLen
	return chunk[at : at+p.blockLen]
}

func (p *pool) records(i uint32) []byte { return p.block(i)[ownerLen:] }
func (p *pool) owner(i uint32) uint32   { return binary.LittleEndian.Uint32(p.block(i)) }
func (p *pool) setOwner(i, swarm uint32) {
	binary.LittleEndian.PutUint32(p.block(i), swarm)
}

func (p *pool) take(swarm uint32) uint32 {
	if p.n*p.blockLen == p.bytes() {
		p.grow()
	}
	i := uint32(p.n)
	p.n++
	p.setOwner(i, swarm)
	return i
}

// bytes returns how much memory the blocks take.
func (p *pool) bytes() int {
	if len(p.chunks) == 0 {
		return 0
	}
	last := len(p.chunks) - 1
	return last*p.each*p.blockLen + len(p.chunks[last])
}

// grow makes room for another block.
func (p *pool) grow() {
	if len(p.chunks) == 1 && len(p.chunks[0]) < p.each*p.blockLen {
		first := make([]byte, min(2*len(p.chunks[0]), p.each*p.blockLen))
		copy(first, p.chunks[0])
		p.chunks[0] = first
		return
	}
	blocks := p.each
	if len(p.chunks) == 0 {
		blocks = max(1, p.each/8)
	}
	p.chunks = append(p.chunks, make([]byte, blocks*p.blockLen))
}

// free gives block i back. If moved, the last block has become block i, and swarm is its owner.
func (p *pool) free(i uint32) (swarm uint32, moved bool) {
	p.n--
	last := uint32(p.n)
	if moved = i != last; moved {
		copy(p.block(i), p.block(last))
		swarm = p.owner(i)
	}
	if spare := len(p.chunks) - 1; p.n <= (spare-1)*p.each { // one empty chunk stays
		p.chunks[spare] = nil
		p.chunks = p.chunks[:spare]
	}
	return swarm, moved
}
