package scrape

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"dhtop/dhtcore/printable"
	"dhtop/dhtcore/wire"
)

// The numbers of BEP 15.
const (
	protocolID    = 0x41727101980
	actionConnect = 0
	actionScrape  = 2
	actionError   = 3

	maxHashesUDP = 74   // a packet
	maxPacket    = 2048 // bytes of a reply; one of 74 hashes has 896
	headLen      = 8    // action and transaction ID
	connectLen   = 16
	swarmLen     = 12
)

// connectRequest is the packet that asks for a connection ID.
func connectRequest(tid uint32) []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, connectLen), protocolID)
	b = binary.BigEndian.AppendUint32(b, actionConnect)
	return binary.BigEndian.AppendUint32(b, tid)
}

// scrapeRequest is the packet that asks about hashes.
func scrapeRequest(connection uint64, tid uint32, hashes []wire.ID) []byte {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, connectLen+len(hashes)*len(wire.ID{})), connection)
	b = binary.BigEndian.AppendUint32(b, actionScrape)
	b = binary.BigEndian.AppendUint32(b, tid)
	for i := range hashes {
		b = append(b, hashes[i][:]...)
	}
	return b
}

// transactionOf returns the transaction ID of a reply; false for what is none.
func transactionOf(b []byte) (tid uint32, ok bool) {
	if len(b) < headLen {
		return 0, false
	}
	return binary.BigEndian.Uint32(b[4:]), true
}

// parseConnect reads the reply to a request for a connection ID. The error is a *failure where the tracker says why
// there is none.
func parseConnect(b []byte) (connection uint64, err error) {
	if err := checkAction(b, actionConnect); err != nil {
		return 0, err
	}
	if len(b) < connectLen {
		return 0, fmt.Errorf("its answer to connect has %d bytes, less than %d: it is no tracker of BEP 15", len(b), connectLen)
	}
	return binary.BigEndian.Uint64(b[headLen:]), nil
}

// parseScrape reads the reply to a scrape of n hashes: seeders, completed and leechers of each, in the order of the
// request. A hash that it leaves out is not Known.
func parseScrape(b []byte, n int) ([]Swarm, error) {
	if err := checkAction(b, actionScrape); err != nil {
		return nil, err
	}
	if b = b[headLen:]; len(b) < swarmLen {
		return nil, errors.New("its answer has no counts: it may not support scraping")
	}
	swarms := unknown(n)
	for i := 0; i < n && len(b) >= swarmLen; i++ {
		swarms[i] = Swarm{true, count(b), count(b[8:]), count(b[4:])}
		b = b[swarmLen:]
	}
	return swarms, nil
}

// count reads a count of 32 bits; a negative one is Unknown.
func count(b []byte) int64 { return max(int64(int32(binary.BigEndian.Uint32(b))), Unknown) }

// checkAction returns what is wrong with a reply to an action.
func checkAction(b []byte, want uint32) error {
	if len(b) < headLen {
		return errors.New("its answer has less than 8 bytes: it is no tracker of BEP 15")
	}
	switch action := binary.BigEndian.Uint32(b); action {
	case want:
		return nil
	case actionError:
		return &failure{printable.Cut([]byte(strings.TrimRight(string(b[headLen:]), "\x00")), maxText)}
	default:
		return fmt.Errorf("its answer is to the action %d, not to %d: it is no tracker of BEP 15", action, want)
	}
}
