package scrape

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"time"

	"dhtop/dhtcore/netbind"
	"dhtop/dhtcore/wire"
)

// The times of BEP 15.
const (
	firstWait     = 15 * time.Second // for a reply; each time twice as long
	maxRepeats    = 8
	connectionAge = time.Minute // how long a connection ID may be used
)

// maxConnections bounds the connection IDs that are kept.
const maxConnections = 1024

// udpSocket is the socket for all trackers over UDP. A goroutine reads it; the lock guards what follows it.
type udpSocket struct {
	conn  *net.UDPConn
	is4   bool // it reaches IPv4 only
	is6   bool // it reaches IPv6 only
	ended chan struct{}

	mu          sync.Mutex
	waiting     map[uint32]waiter
	connections map[netip.AddrPort]connection
}

// waiter waits for the reply to a transaction, from one of the addresses that were asked.
type waiter struct {
	from  []netip.AddrPort
	reply chan<- udpReply // has room for one
}

type udpReply struct {
	packet []byte
	from   netip.AddrPort
	at     time.Time
}

// connection is a connection ID that a tracker has given.
type connection struct {
	id    uint64
	given time.Time
}

// openUDP opens a socket on a local address. Where both is set, one on all addresses of IPv6 is for IPv4 too, and
// where there is no IPv6 it is for IPv4 alone.
func openUDP(device *netbind.Device, local netip.Addr, both bool) (*udpSocket, error) {
	s := &udpSocket{
		ended:   make(chan struct{}),
		waiting: map[uint32]waiter{}, connections: map[netip.AddrPort]connection{},
	}
	network := "udp6"
	if s.is4 = local.Is4(); s.is4 {
		network = "udp4"
	} else if both {
		network = "udp"
	} else {
		s.is6 = true
	}
	lc := device.ListenConfig()
	conn, err := lc.ListenPacket(context.Background(), network, netip.AddrPortFrom(local, 0).String())
	if err != nil && both && !s.is4 {
		s.is4 = true
		conn, err = lc.ListenPacket(context.Background(), "udp4", ":0")
	}
	if err != nil {
		return nil, err
	}
	s.conn = conn.(*net.UDPConn)
	go s.read()
	return s, nil
}

// close closes the socket and waits for its reader.
func (s *udpSocket) close() error {
	err := s.conn.Close()
	<-s.ended
	return err
}

// reaches reports whether the socket can send to an address.
func (s *udpSocket) reaches(a netip.Addr) bool { return !(s.is4 && !a.Is4() || s.is6 && a.Is4()) }

// read hands out replies until the socket is closed.
func (s *udpSocket) read() {
	defer close(s.ended)
	buffer := make([]byte, maxPacket)
	for {
		n, from, err := s.conn.ReadFromUDPAddrPort(buffer)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		tid, ok := transactionOf(buffer[:n])
		if err != nil || !ok {
			continue // an error is that of an earlier packet: no such port
		}
		from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
		s.mu.Lock()
		w, found := s.waiting[tid]
		if found = found && slices.Contains(w.from, from); found {
			delete(s.waiting, tid)
		}
		s.mu.Unlock()
		if found {
			w.reply <- udpReply{slices.Clone(buffer[:n]), from, time.Now()}
		}
	}
}

// ask sends a packet to one tracker at some addresses, again and again as BEP 15 says, until one replies or ctx
// ends. first is the wait for the first reply.
func (s *udpSocket) ask(ctx context.Context, first time.Duration, to []netip.AddrPort, packet func(tid uint32) []byte) (udpReply, time.Duration, error) {
	replies := make(chan udpReply, 1)
	tid := s.await(waiter{to, replies})
	defer s.forget(tid)
	b := packet(tid)
	for n := 0; n <= maxRepeats; n++ {
		sent := time.Now()
		if err := s.send(b, to); err != nil {
			return udpReply{}, 0, err
		}
		wait := time.NewTimer(first << n)
		select {
		case r := <-replies:
			wait.Stop()
			return r, max(r.at.Sub(sent), 1), nil
		case <-ctx.Done():
			wait.Stop()
			return udpReply{}, 0, ctx.Err()
		case <-s.ended:
			wait.Stop()
			return udpReply{}, 0, net.ErrClosed
		case <-wait.C:
		}
	}
	return udpReply{}, 0, context.DeadlineExceeded
}

// await enters a waiter under a new transaction ID.
func (s *udpSocket) await(w waiter) (tid uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		var b [4]byte
		rand.Read(b[:])
		tid = binary.BigEndian.Uint32(b[:])
		if _, taken := s.waiting[tid]; !taken {
			s.waiting[tid] = w
			return tid
		}
	}
}

func (s *udpSocket) forget(tid uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.waiting, tid)
}

// send sends a packet to all addresses. It fails if it could be sent to none.
func (s *udpSocket) send(b []byte, to []netip.AddrPort) (err error) {
	sent := false
	for _, addr := range to {
		if _, sendErr := s.conn.WriteToUDPAddrPort(b, addr); sendErr != nil {
			err = sendErr
		} else {
			sent = true
		}
	}
	if sent {
		return nil
	}
	return err
}

// connection returns the connection ID of a tracker: one that is still good, or a new one. fresh is a new one.
func (s *udpSocket) connection(ctx context.Context, first time.Duration, to []netip.AddrPort) (id uint64, at netip.AddrPort, fresh bool, err error) {
	s.mu.Lock()
	for _, addr := range to {
		if c, known := s.connections[addr]; known && time.Since(c.given) < connectionAge {
			s.mu.Unlock()
			return c.id, addr, false, nil
		}
	}
	s.mu.Unlock()
	r, _, err := s.ask(ctx, first, to, connectRequest)
	if err != nil {
		return 0, at, true, err
	}
	if id, err = parseConnect(r.packet); err != nil {
		return 0, at, true, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.connections) >= maxConnections {
		clear(s.connections)
	}
	s.connections[r.from] = connection{id, r.at}
	return id, r.from, true, nil
}

// disconnect forgets the connection ID of a tracker.
func (s *udpSocket) disconnect(at netip.AddrPort) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.connections, at)
}

// scrapeUDP asks about at most maxHashesUDP hashes.
func (c *Client) scrapeUDP(ctx context.Context, r *Result, at place, hashes []wire.ID) ([]Swarm, error) {
	addrs, err := c.resolve(ctx, at)
	if err != nil {
		return nil, err
	}
	s, to := c.socketFor(addrs)
	if s == nil {
		return nil, errors.New("it has no address of a family that can be reached from here: see --bind and --no-ipv6")
	}
	for range maxRepeats {
		id, addr, fresh, err := s.connection(ctx, c.wait, to)
		if err != nil {
			return nil, err
		}
		reply, rtt, err := s.scrape(ctx, c.wait, addr, id, hashes)
		if errors.Is(err, errTooOld) {
			s.disconnect(addr)
			continue
		}
		if err != nil {
			return nil, err
		}
		r.replied(rtt, reply.from)
		swarms, err := parseScrape(reply.packet, len(hashes))
		if err != nil {
			s.disconnect(addr)
			if !fresh {
				continue // the tracker may have started anew, and its IDs with it
			}
		}
		return swarms, err
	}
	return nil, context.DeadlineExceeded
}

// errTooOld is the error of a connection ID that may no longer be used.
var errTooOld = errors.New("the connection ID is too old")

// scrape asks about hashes for as long as a connection ID may be used.
func (s *udpSocket) scrape(ctx context.Context, first time.Duration, addr netip.AddrPort, id uint64, hashes []wire.ID) (udpReply, time.Duration, error) {
	good, cancel := context.WithTimeout(ctx, connectionAge)
	defer cancel()
	reply, rtt, err := s.ask(good, first, []netip.AddrPort{addr}, func(tid uint32) []byte { return scrapeRequest(id, tid, hashes) })
	if good.Err() != nil && ctx.Err() == nil {
		err = errTooOld
	}
	return reply, rtt, err
}

// socketFor returns the socket that reaches a tracker, and the addresses that it reaches: the first of each family.
func (c *Client) socketFor(addrs []netip.AddrPort) (*udpSocket, []netip.AddrPort) {
	for _, s := range c.udp {
		var to []netip.AddrPort
		for _, addr := range addrs {
			if s.reaches(addr.Addr()) && !slices.ContainsFunc(to, func(has netip.AddrPort) bool { return has.Addr().Is4() == addr.Addr().Is4() }) {
				to = append(to, addr)
			}
		}
		if len(to) > 0 {
			return s, to
		}
	}
	return nil, nil
}

// resolve returns the addresses of a tracker.
func (c *Client) resolve(ctx context.Context, at place) ([]netip.AddrPort, error) {
	port, err := strconv.ParseUint(at.Port(), 10, 16)
	if err != nil {
		return nil, errors.New("there is no port: append it to the host")
	}
	network := "ip"
	if c.cfg.NoIPv6 {
		network = "ip4"
	}
	ips := []netip.Addr{}
	if ip, err := netip.ParseAddr(at.Hostname()); err == nil {
		ips = append(ips, ip)
	} else if ips, err = c.cfg.Resolver.LookupNetIP(ctx, network, at.Hostname()); err != nil {
		return nil, err
	}
	addrs := make([]netip.AddrPort, len(ips))
	for i, ip := range ips {
		addrs[i] = netip.AddrPortFrom(ip.Unmap(), uint16(port))
	}
	return addrs, nil
}
