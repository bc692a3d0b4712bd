// Package netbind keeps sockets to one network interface, so that nothing leaves by another one when a VPN goes down.
//
// dhtcore makes one Device out of Config.BindDevice and hands it to everything that opens a socket to the network: the
// nodes, the tracker, the client of trackers, the connections to peers, the PostgreSQL store, the DNS and the port mapper.
// A nil *Device binds to no interface and is what everybody has without the setting. A Device has no state and no lock.
package netbind

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"syscall"
)

// Device is a network interface that sockets are bound to. Its methods may be called on nil, which binds to none.
type Device struct{ name string }

// New returns the device of an interface, nil for the name "". The interface has to exist.
func New(name string) (*Device, error) {
	if name == "" {
		return nil, nil
	}
	if !supported {
		return nil, errors.New("this system binds no socket to an interface: omit --bind-device, or use --bind ADDR")
	}
	if _, err := net.InterfaceByName(name); err != nil {
		return nil, fmt.Errorf("there is no network interface %q: pass --bind-device one of %s", name, interfaces())
	}
	return &Device{name}, nil
}

// interfaces are the names of those of this machine.
func interfaces() string {
	var names []string
	all, _ := net.Interfaces() // without any there is none to name
	for _, i := range all {
		names = append(names, i.Name)
	}
	return strings.Join(names, ", ")
}

// Name is that of the interface, "" for none.
func (d *Device) Name() string {
	if d == nil {
		return ""
	}
	return d.name
}

// The reasons for which nothing can leave by a Device.
var (
	ErrGone = errors.New("the network interface is gone")
	ErrDown = errors.New("the network interface is down")
)

// Check returns ErrGone or ErrDown while nothing can leave by the interface.
func (d *Device) Check() error {
	if d == nil {
		return nil
	}
	i, err := net.InterfaceByName(d.name)
	switch {
	case err != nil:
		return ErrGone
	case i.Flags&net.FlagUp == 0:
		return ErrDown
	}
	return nil
}

// Index is the number of the interface as it is now, 0 while there is none. One that has gone and come back has another.
func (d *Device) Index() int {
	if d == nil {
		return 0
	}
	i, err := net.InterfaceByName(d.name)
	if err != nil {
		return 0
	}
	return i.Index
}

// Control binds a socket to the interface before it is used, as net.Dialer and net.ListenConfig want it.
func (d *Device) Control(network, _ string, c syscall.RawConn) error {
	if d == nil {
		return nil
	}
	i, err := net.InterfaceByName(d.name)
	if err != nil {
		return ErrGone
	}
	var failed error
	if err := c.Control(func(fd uintptr) { failed = bind(fd, i, strings.HasSuffix(network, "6")) }); err != nil {
		return err
	}
	return failed
}

// Dialer returns a dialer that keeps to the interface. What is on this machine is reached without it: a loopback address,
// which no packet leaves for, and a Unix socket.
func (d *Device) Dialer() *net.Dialer {
	if d == nil {
		return &net.Dialer{}
	}
	return &net.Dialer{Control: d.controlDial, Resolver: d.Resolver()}
}

// controlDial is Control for a socket that connects to an address.
func (d *Device) controlDial(network, to string, c syscall.RawConn) error {
	if strings.HasPrefix(network, "unix") {
		return nil
	}
	if at, err := netip.ParseAddrPort(to); err == nil && at.Addr().Unmap().IsLoopback() {
		return nil
	}
	return d.Control(network, to, c)
}

// ListenConfig returns one whose sockets keep to the interface.
func (d *Device) ListenConfig() *net.ListenConfig {
	if d == nil {
		return &net.ListenConfig{}
	}
	return &net.ListenConfig{Control: d.Control}
}
