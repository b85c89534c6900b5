// Tests of OTLPWire.
