package names

import (
	"context"
	"errors"
	"net"
	"net/netip"

	"dhtop/dhtcore/netbind"
	"dhtop/dhtcore/silent"
)

// dialer connects to the peers of swarms for names that nobody asked for. Anybody can put an address into any number
// of swarms, so it gets no more than silent.Addresses lets it: one that no connection comes about to is left alone.
type dialer struct {
	silent silent.Addresses
	device *netbind.Device // to keep to; nil for none
}

// dial is the Dial of metadata.Config.
func (d *dialer) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	peer, err := netip.ParseAddrPort(addr)
	if err != nil {
		return nil, err
	}
	if err := d.silent.Ask(ctx, peer); err != nil {
		return nil, err
	}
	conn, err := d.device.Dialer().DialContext(ctx, network, addr)
	switch {
	case err == nil:
		d.silent.Answered(peer)
	case errors.Is(ctx.Err(), context.Canceled): // another peer was faster
		d.silent.Unsent(peer)
	}
	return conn, err
}
