export default {
 "Actions": "Actions",
 "Consommation supervisée": "Supervised consumption"
};
