package record

import (
	"encoding"
	"reflect"
)

// addrBytes is the binary form of an address of net/netip.
func addrBytes(v reflect.Value) []byte {
	b, err := v.Interface().(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		return nil // they never fail
	}
	return b
}

// setAddr is the reverse of addrBytes.
func setAddr(v reflect.Value, b []byte) error {
	return v.Addr().Interface().(encoding.BinaryUnmarshaler).UnmarshalBinary(b)
}
