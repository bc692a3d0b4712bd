package portmap

import (
	"bufio"
	"bytes"
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"time"
)

// How routers with UPnP are found (SSDP).
const (
	ssdpPort    = 1900
	searchFor   = 3 * time.Second
	searchTwice = time.Second // until the search is sent again, as it may be lost
	maxPlaces   = 4           // descriptions that are read, of one gateway
	maxDatagram = 4 << 10
)

// ssdpGroup is where they listen.
var ssdpGroup = netip.AddrFrom4([4]byte{239, 255, 255, 250})

// targets are what they are searched by: some answer for their service alone.
var targets = [...]string{"urn:schemas-upnp-org:device:InternetGatewayDevice:1", "urn:schemas-upnp-org:device:InternetGatewayDevice:2",
	"urn:schemas-upnp-org:service:WANIPConnection:1", "urn:schemas-upnp-org:service:WANPPPConnection:1"}

// discover calls found with each place where the gateway describes itself, until found returns true, nobody answers any
// longer, or ctx ends. Answers that name another host are not used, whoever sends them.
func (s *side) discover(ctx context.Context, gateway, local netip.Addr, found func(*url.URL) bool) error {
	ctx, cancel := context.WithTimeout(ctx, s.mapper.net.searchFor)
	defer cancel()
	net := &s.mapper.net
	from := netip.AddrPortFrom(local, 0)
	if !net.fromLocal {
		from = netip.AddrPortFrom(netip.IPv4Unspecified(), 0)
	}
	conn, err := s.mapper.cfg.Device.ListenConfig().ListenPacket(ctx, "udp4", from.String())
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.SetReadDeadline(time.Unix(1, 0)) }) //nolint:errcheck // a closed one waits no longer
	defer stop()
	search := func() {
		ssdpSearch(conn, append(slices.Clone(net.searchAt), netip.AddrPortFrom(gateway, net.ssdpPort)))
	}
	search()
	again := time.AfterFunc(searchTwice, search)
	defer again.Stop()
	buf := make([]byte, maxDatagram)
	var seen []string
	for {
		n, _, err := conn.ReadFrom(buf)
		if err != nil {
			return unreachable(ctx, err)
		}
		place, ok := location(buf[:n])
		if !ok || place.Hostname() != gateway.String() || slices.Contains(seen, place.String()) || len(seen) == maxPlaces {
			continue
		}
		seen = append(seen, place.String())
		if found(place) {
			return nil
		}
	}
}

// ssdpSearch asks all routers to say so within a second.
func ssdpSearch(conn net.PacketConn, at []netip.AddrPort) {
	for _, target := range targets {
		for _, to := range at {
			text := "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: " + target + "\r\n\r\n"
			conn.WriteTo([]byte(text), net.UDPAddrFromAddrPort(to)) //nolint:errcheck // the other searches may arrive
		}
	}
}

// location returns where an answer to a search says that the description is.
func location(packet []byte) (*url.URL, bool) {
	res, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(packet)), nil)
	if err != nil {
		return nil, false
	}
	res.Body.Close()
	place, err := url.Parse(res.Header.Get("Location"))
	return place, err == nil && place.Scheme == "http" && place.User == nil
}
