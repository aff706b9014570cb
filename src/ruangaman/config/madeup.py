"""Made-up people and reports for the demonstration and for load data: nobody here exists.

The names are common Indonesian name parts in invented combinations. Within a pool the commonest part
stands first and the shares fall off as in Zipf's law, because a search over evenly spread names would
look faster and sharper than over a real register. A word with strokes (`Achmad/Ahmad/Akhmad`) is one
name that different officers write differently; the first spelling is the usual one.
"""

import random
from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate, product
from typing import Literal

Sex = Literal["f", "m"]

# The usual spelling of a word with several is taken this often; the others share the rest.
USUAL = 0.6

MUSLIM_F = """
Siti/Sitti/St. Nur/Noer Sri Dewi/Dewy Nurul Aisyah/Aisah/Aishah Fitri/Pitri Rina Yuni Ratna
Fatimah/Fatima/Patimah Nurhayati Aminah Rahma/Rachma Maya Indah Dian/Dhian Ani/Anni Eka Lina Novi/Nopi Yanti
Evi/Epi Wulan Putri Annisa/Anisa Rini Nurjanah/Nurjannah Ika Rizki/Rizky/Riski/Rizqi Desi/Dessy Nia
Heni/Henny Lilis Tuti Yuliana Rohani Mariana Khadijah/Hadijah/Chadijah Zahra Nabila/Nabilla Salma
Khairunnisa/Hairunnisa Intan Bunga Citra/Tjitra Kartika Mega Melati Mawar Ayu Anggun Lestari Puspa Sekar
Retno Endang Wahyuni Nuraini Halimah Maryam/Mariam Zainab/Zaenab/Jaenab Saodah Zubaidah/Jubaedah/Zubaedah
Rukmini/Roekmini Rosmiati Rosdiana Rosmawati Jamilah/Djamilah Julaeha/Zulaiha/Zulaikha Rohana Maimunah
Maesaroh/Maisaroh Mutiara Syifa/Sifa Najwa Naila/Nayla Alya/Aliya Kayla/Keyla Zaskia Tiara Amelia Amanda
Bella Cantika Dinda Elsa Farah Gita Hana/Hanna Hilda Irma Isma Jihan Kirana Laila/Laela Luthfia/Lutfia
Meilani Mila Mira Nadia Nadya Naura Nisa Olivia Oktavia/Octavia Pratiwi Qonita Rahmawati Rahmi/Rachmi Rani
Rara Regina Reni Resa Ria Risma Rosa Safira/Shafira Sania Sarah/Sara Selvi/Selpi Septi Shinta/Sinta Silvia
Sofia/Sopia Sonia Suci Syahrani Talitha/Talita Tania Tasya Tika Ulfa/Ulpa Umi/Ummi Vania Vera Vina Wanda
Widya Windi/Windy Winda Yasmin Yolanda Yulia Yulianti Yunita Yusnita Zakia Zulfa/Zulpa Asih Asmawati Asiah
Astuti Atikah Azizah Badriah Baiq Chusnul/Khusnul/Husnul Daliah Darmawati Diana Erna Erni Ernawati
Faridah/Paridah Farida Fauziah/Pauziah Hasanah Hasna Hasnah Hasniati Hartati Hikmah Ida Iis Iin Imas
Jubaidah Juariah/Juwariah Juliana Julia Karmila Karlina Kasmawati Khoirunnisa/Choirunnisa Kholifah/Holifah
Komariah Khotimah/Chotimah/Hotimah Kurnia Kurniawati/Kurniati Latifah/Latipah Leni Linda Lisa Lusi Maemunah
Mardiana Marlina Masitoh/Masitah Mastura Maulida Maya Meri Murni Murniati Muslimah Mursidah
Musdalifah/Muzdalifah Nafisah/Nafisa Neneng Nining Ningsih/Nengsih Noviana Novita/Nopita Nuriah
Nurlaila/Nurlaela Nurlina Nurmala Nursiah Pipit Puji Purnama Qomariah Rahimah Rahayu Ramlah/Romlah Rasti
Rodiah Rofiah Roikhah Rosita Rosnani Rukiah/Ruqayyah/Rukayah Rusmini Sabrina Sadiah Saidah Salamah Salbiah
Samsiah/Syamsiah Saniah Sariah Sarifah/Syarifah Sarina Sholihah/Solihah/Solihat Sofiah/Sopiah Suhartini
Suhaeni Sulastri/Soelastri Sumiati/Sumiyati Supriatin Suryani/Suriyani Susanti Susi/Susy Tati Titin Ulfah
Umaroh Upi Wardah Wasilah Wiwin Yati Yayah Yayuk Yeni/Yenny Yosi Yuliani Yulita Yusra Zahrotun Zuhriah
Zuleha Zulfiah Azzahra Hafsah/Hapsah Hamidah Hanifah/Hanipah Hayati Husna Inayah Izzah Kamila/Kamilah
Karimah Khaira/Haira Lubna Mahmudah Marwah Masruroh Mufidah/Mupidah Munawaroh Nadhifah/Nadifah Nurani
Nurfadilah Rafika/Rapika Rahmatia Raudah/Raudhah Rifka/Ripka Safitri/Sapitri Sakinah Salsabila/Salsabilla
Shofia Tsania/Sania Wafa Zalfa Ziana Adinda Afifah/Apipah Aida Alifia Almira Anita Aprilia Arini Aulia Azkia
Balqis Chintya/Cintya Cici Dahlia Delima Dina Elvira Febri/Pebri Fika Fira Friska Ghina Hesti Inggrid Isti
Jasmine Keisha Lestia Livia Mayang Monika Nurmaya Prita Raisa Ririn Riska Shakila Tri Dwi Catur Titi Trisna
Velia Weni Wiji Yesi Zivana
"""
SECOND_F = """
Lestari Sari Putri Wati Dewi Rahayu Handayani Wulandari/Woelandari Aminah/Aminnah Fitriani/Pitriani
Rahmawati/Rachmawati Astuti Ningsih/Nengsih Susanti Anggraini/Anggraeni/Anggreini Permatasari Safitri
Utami/Oetami Puspitasari Kartika Maharani Pratiwi Hidayati Hasanah Wahyuni/Wahjuni Nurjanah Nuraini
Kurniawati Setiawati/Setyawati Agustina Mulyani Indriani Yulianti Amelia Oktaviani Maulida Azizah
Khotimah/Chotimah/Hotimah Rohmah/Rahmah Aisyah/Aisah Fatimah/Fatima/Patimah Jannah Hikmah Zahra
Ramadhani/Ramadani Komalasari Purwanti/Poerwanti Purnamasari Puspita Melati Pertiwi
Sulistyowati/Sulistiyowati Hartati Sulastri/Soelastri Suryani Cahyani/Tjahjani Damayanti Febriani/Pebriani
Novianti Novitasari Rosmiati Apriliani Mariani Marlina Kusumawati/Koesoemawati Kusuma/Koesoema Ayu Nurhaliza
Azzahra Salsabila Nabila Khairunnisa Octavia/Oktavia Rosita Juwita/Djuwita Melinda Nurlaila Haryanti
Herawati Suhartini Widyastuti Widiastuti Yuniarti Yuliana Rosalina Aulia Maysaroh Masitoh Halimah Maryati
Suhaeti Rohaeni Rohayati Sumiati Nurani Mayasari Widianti Ratnasari Retnowati Ariani Andriani Apriyani
Asmara Ayuningtyas Budiarti Cahyaningsih/Tjahjaningsih Dahlia Dewanti Elvina Erlina Ermawati Ernawati
Fadilah/Fadhilah Farida Fauziah Hanum Hapsari Hardiyanti Hariyani Hasibah Herlina Hermawati Iriani Isnaini
Istiqomah Jamilah Juniarti Kamilah Kasih Kinanti Kirana Kristiani Laraswati Latifah Maesaroh Maharini
Malasari Mardiyah/Mardiah Martini Maulina Megawati Meilina Muliawati Munawaroh Murniasih Muslihah
Muthmainnah Nilasari Ningrum Ningtyas Nirmala Nurbaya Nurbaiti Nurcahyani Nurdiana Nurfitri
Nurhasanah/Nurchasanah Nurhidayah Nurmala Palupi Pangestu Paramita Pitaloka Prameswari Prastiwi Priyanti
Purnama Purwasih Purwaningsih/Poerwaningsih Qomariah Rahmadani Rahmi Rengganis Rizkiyah Rohimah Rosdiana
Rukmana Sabila Saraswati Sartika Sekarwati Septiani Setianingsih/Setyaningsih Siswanti Sofiyah/Sofiah
Solihah Sundari Supriyatin Suryaningsih Susilawati/Soesilowati Syafitri Tunjung Ulfah Umamah Utari
Wardani/Wardhani Wijayanti Widowati Winarti Wulansari Yudianti Yunita Yusnita Zakiyah Zaenab Zulaikha
"""
MUSLIM_M = """
Muhammad/Muhamad/Mohammad/Mohamad/Muh./Moh./Mochamad/M./Mhd. Ahmad/Achmad/Akhmad/Ach. Abdul/Abd./Abdoel
Agus/Agoes Rizki/Rizky/Riski Andi Budi/Boedi Dedi/Deddy Eko Rudi/Rudy Hendra Iwan Joko/Djoko Ade Asep Ali
Arif/Arip/Arief Bayu Yusuf/Jusuf/Yusup Fajar/Pajar Dimas Ilham Irfan/Irpan Wahyu/Wahju Rahmat/Rachmat/Rahmad
Slamet Dani Deni/Denny Feri/Ferry Hasan Imam Indra Bambang Sugeng/Soegeng Taufik/Taufiq/Topik
Zainal/Zaenal/Jaenal Heri/Hery Yudi/Judi Yanto Ridwan Reza Syaiful/Saiful/Saeful/Saipul
Khairul/Chairul/Hairul/Khoirul Fauzi/Pauzi Firman Galih Gilang Guntur Hamzah Haris Hidayat Ibrahim Idris
Iqbal Irwan Ismail Jaya Jamal Kamal Kurniawan Lukman Lutfi/Luthfi Maulana Mulyadi/Moeljadi
Mustafa/Mustofa/Mustopa Nanang Nasir Nugroho Nur/Noer Oki Panji Pandu Prasetyo Putra Rafi/Rapi
Rahman/Rohman/Rachman Raka Rama Ramadhan/Romadhon Randi Rangga Rano Rasyid/Rasid Rendi Rian
Rifki/Ripki/Rifky Riko Riyan Robi Romi Roni Rosyid Rusdi Rusli Saleh/Soleh/Sholeh Samsul/Syamsul/Sjamsul
Sandi Satria Sidik/Siddiq Sofyan/Sopian Subhan Sulaiman/Sulaeman Surya/Surja Syahrul/Sahrul
Syarif/Sarif/Sjarif Tegar Teguh Tono Toni/Tony Topan Tri Umar/Oemar Usman/Oesman Vino Wawan Wibowo Wisnu
Yayan Yoga/Joga Yogi Yopi Yudha Zaki Zulfikar/Zulpikar Zulkifli/Zulkipli Abdullah/Abdulloh Adi Aditya Afif
Agung Ahsan/Achsan Ajis Akbar Akmal Aldi Alif/Alip Alwi Amin Amir Amran Anas Andika Andri Angga Anton Anwar
Aris Arman Arya Asrul Atang Azhar Aziz/Azis/Asis Badrun Bagas Bagus Bahrul/Bachrul Basri Basuki Benny Burhan
Cahyo/Tjahjo Candra/Chandra Cecep Dadan Dadang Danang Darmawan Darwis Daud Didik Diki Dodi Doni Dwi Edi/Edy
Edwin Encep Endang Erik Erwin Fadil/Fadhil/Padil Fahmi/Pahmi Fahri/Fachri Faisal/Faizal Fandi Farhan/Parhan
Faris Ferdi Fikri/Pikri Gani/Ghani Ghofur/Gofur/Gopur Gunawan Habib Hadi Hafiz/Hafidz Hakim Halim Hamdan
Hamid Handoko Hari Harun Haryono/Harjono Hasbi Hasim/Hasyim Helmi Hengki Herman Hermawan Husen/Husein Husni
Ihsan/Ichsan Ikhwan/Ichwan Ilyas Imron Irawan Iskandar Jafar Jajang Jamaludin/Jamaluddin Jefri
Jumadi/Djumadi Junaidi/Djunaedi Kadir Karim Kasim Khalid Kholil/Cholil/Holil Komar Krisna Kusnadi/Koesnadi
Latif/Latip Mahmud Malik Mansur/Mansyur Mardi Marwan Mas'ud/Masud Misbah Mukhlis/Muchlis Mukti Muslim Musa
Mustakim Nana Naufal/Naupal Nazar Nurdin/Noerdin Nurhadi Omar Opik Purnomo/Poernomo Rafli Rahmadi Rasidin
Ruslan Sabar Safrudin/Syafrudin/Syafruddin Sahid Said Salim Samsudin/Syamsuddin Santoso/Santosa Saputra
Setiawan/Setyawan Sobari Soni Subur Sudirman/Soedirman Sukardi/Soekardi Supardi Supri Suryadi Syafii Syahrir
Tarmizi Tatang Thohir/Tohir Tomi Ujang Udin Wahid Wahyudi/Wahjudi Warsito Wildan Yadi Yahya Yasin Yudistira
Yunus Zaenudin/Zainudin/Jaenudin Zamroni Zidan Zulham Catur Pujo Tirta Yuda
"""
SECOND_M = """
Hidayat Saputra Setiawan/Setyawan Pratama Kurniawan Rahman/Rohman/Rachman Maulana Ramadhan/Ramadan/Romadhon
Santoso/Santosa Nugroho Wibowo Prasetyo/Prasetio Wijaya/Widjaja Gunawan Firmansyah/Pirmansyah
Susanto/Soesanto Hermawan Purnomo/Poernomo Irawan Fauzi/Pauzi Hakim Putra Wahyudi/Wahjudi Rizki/Rizky
Suryadi Supriyadi/Supriadi Mulyadi/Moeljadi Arifin/Aripin Iskandar Siregar Nasution Akbar Yusuf/Jusuf/Yusup
Syahputra/Sahputra Budiman/Boediman Darmawan Efendi/Effendi/Ependi Fadillah/Fadilah Fahlevi/Pahlevi Febrian
Ferdiansyah Fikri Fitrianto Habibi Hadi Halim Handoko Hanafi/Hanapi Harahap Hartono Haryanto/Harjanto Hasan
Hendrawan Herlambang Ibrahim Ilham Imron Indrawan Ismail Jaelani/Djaelani/Zaelani Kadir Karim Kholik
Kuncoro/Koentjoro Kusuma/Koesoema Lesmana Lubis Mahendra Mansur/Mansyur Mubarok/Mubarak Mulyana
Mustofa/Mustafa Nurdin Nurhadi Nurrohman/Nurrahman Pamungkas Pangestu Permadi Permana Prabowo Pradana
Pranata Pranoto Prayitno Prayoga/Prajoga Priyanto Purwanto/Poerwanto Putranto Rahardjo/Raharjo
Rahmat/Rachmat Ridwan Riyadi Rosadi Rusdiana Rusmana Sahid Salim Sanjaya/Sandjaja Sanusi Saragih Sasongko
Satria Sentosa Setiabudi Setiadi Sobirin/Shobirin Sudrajat/Soedradjat Sugianto/Sugiyanto Suhendra Sujatmiko
Sukmana Sulaiman/Sulaeman Sulistyo/Sulistio Sumantri Suprapto Supriatna Surahman Surya Suryana
Susilo/Soesilo Sutrisno/Soetrisno Syahrul Syarifudin/Syarifuddin Tanjung Triyono Utama Utomo/Oetomo Wahid
Wahyu Waluyo Wardana/Wardhana Wicaksono/Witjaksono Widodo Winarto Wirawan Yulianto Yuwono
Zainuddin/Zaenudin/Jaenudin Zulkarnain/Zulkarnaen Anwar Aditya Alamsyah Alfarizi Aziz/Azis Azhari
Bahri/Bachri Baihaqi Basri Fadli/Fadhli Ghifari Ghozali/Gojali
"""
JAVA_F = """
Sumarni/Soemarni Suparmi Sulastri/Soelastri Kasiyem Painem Sutinah Suharti/Soeharti Sumiyati/Sumiati Wagiyem
Tukiyem Ngatinah Sukinem Sumini Suyati Sutarmi/Soetarmi Rusmini Partini Warsini Juminten Jumiati Jumiatin
Suprihatin Sriyanti/Sriyati Sriasih Suwarti Sukarti Sukarni Suminah Tumini Poniyem Ponirah Saminem Samirah
Wakinem Wasinem Kartini Kartinah Kusmiati Lasmini Lastri Marsinah Mulyati/Moeljati Muryati Musrifah Ngadinem
Parinah Paryati Rukini Sarinah Sartini Sawitri Semiati Siyami Sujinah Sukaesih/Soekaesih Sundari
Sunarti/Soenarti Supadmi Supini Surati Suratmi Surip Surtini Suryati Suwarni Tarmini Titik Tugiyem Tutik
Wartini Wiwik Yatmi Yatinah Winarsih Sarwendah Sutijah Suwanti Surtikanti Sumirah Suliyah Tarsih Kadarsih
Kasmirah Kuntarti
"""
JAVA_M = """
Slamet Sutrisno/Soetrisno Suparno/Soeparno Sukardi Suharto/Soeharto Sumarno/Soemarno Suwarno Sugeng Sugiyono
Sugianto/Sugiyanto Supardi Supriyadi/Supriadi Suyanto Sutikno Sunarto/Soenarto Sukirman Suroso Suwito
Susilo/Soesilo Sudarsono/Soedarsono Sudarto Sudarno Sudiro Sugito Suhadi Suharyono Suhud Sujarwo
Sujono/Soedjono Sukamto Sukarno/Soekarno Sukino Sukiman Sumadi Sumardi Sumaryo Sunaryo/Soenarjo Sungkono
Supangat Suparjo Supomo/Soepomo Suprapto Supriyanto Suradi Suratno Suripto Suryono Sutardi Sutarno
Sutopo/Soetopo Sutoyo/Soetojo Suwardi Suyadi Suyatno Tarmidi Tarno Tugimin Tukijo Tukiman Tumijo Wagimin
Wagiman Wakidi Wakijo Waluyo Warsito Warsono Wasito Winarno Wiyono Yatno Yitno Kasiman Kasno Kardi Karno
Karyono/Karjono Kliwon Kuncoro Kusno Lasimin Marno Marsudi Marsono Misran Mulyono/Moeljono Musiman Narto
Ngadimin Ngatiman Paijo Paimin Paiman Parjo Parno Parto Ponidi Ponimin Poniman Prayitno Purwadi Purwanto
Rusmanto Sadiman Sadimin Samidi Samijo Saridi Sarjono/Sardjono Sarno Sarwono Sastro Saryono Sarman Sariman
Sarimin
"""
BATAK = """
Siregar Nasution Lubis Harahap Simanjuntak/Simandjuntak Hutabarat Sinaga Sitorus Manurung Nainggolan
Simatupang Situmorang Hutapea/Hoetapea Hutagalung/Hoetagaloeng Panjaitan/Pandjaitan Pangaribuan Purba
Saragih Silalahi Sihombing Simbolon Sianturi Tampubolon Hasibuan Daulay Pohan Batubara Rangkuti Ritonga
Pasaribu Marpaung Napitupulu Gultom Aritonang Siahaan Simamora Lumbantobing Lumbangaol Sembiring Tarigan
Ginting Karokaro Perangin-angin Barus Damanik Sipayung Girsang Pardede Sirait Butarbutar Samosir Malau
Sagala Naibaho Pakpahan Hutasoit Hutauruk Silitonga Sibarani Dalimunthe Tanjung Matondang
"""
BATAK_F = """
Maria/Marya Rotua Tiurma Lamria Dame Melati Lusiana Ester Duma Hotmaida Rosinta Rosita Marlina Romauli
Tiurlan Tiur Risma Sondang Bunga Debora Debby Elfrida Elisabet/Elizabeth Erika Friska Grace Hotma Ida Irene
Juliana Kristina/Christina/Kristin Lasma Lenny Lidia/Lydia Lina Magdalena Martha/Marta Mastiur Mei Monika
Nurhaida Nurmala Pesta Ratna Rebeka Renta Riris Roida Romian Rosdiana Rospita Ruth/Rut Sarma Siska
Sinta/Shinta Sri Tetty Theresia/Teresia Tiarma Tiominar Uli Veronika Yohana Yuni
"""
BATAK_M = """
Maruli/Maroeli Togar Parulian Hotman Poltak Binsar Sahat Tigor Ronald Alexander/Alexsander/Aleksander
Andreas Antonius Benny Bonar Charles/Carles Christian/Kristian Daniel David Dedi Edison Edward Fernando
Frans Freddy Gomgom Hasudungan Herbert Jhon/John/Jon Jonathan/Yonatan Josua/Yosua Junior Lambok Lamhot
Leonardo Luhut Mangasi Mangatur Marihot Martin Martua Michael/Mikael Monang Natanael Oloan Pahala Pangihutan
Patar Paul Paulus Petrus Ramses Richard Rikardo/Ricardo Robert Robinson Rudolf Saut Sihol Simon
Stefanus/Stevanus Sudung Tumpal Tumpak Victor/Viktor Yosep/Yosef/Josef
"""
EAST = """
Wanggai Rumbiak Tefa Bere Seran Lobo Mendrofa Zega Latuconsina Pattiasina Tuhumury Tupamahu Leimena Sahetapy
Manuhutu Wattimena Kaihatu Matulessy Tuasikal Tomasoa Pelupessy Soumokil Nanlohy Rumahorbo Rumbekwan
Mandacan Kambuaya Kogoya Wenda Tabuni Yikwa Murib Telenggen Mote Pigai Gobay Douw Kafiar Ayomi Awom Mansawan
Korwa Nahak Klau Taek Manek Mali Fernandez Dacosta Lopes Soares Pareira Kewa Tukan Wain Lewar Bria Nenoliu
Banunaek Liunokas Tnunay Benu Nubatonis Tamo Bili Rambu Umbu Ndolu Mandala Lado Riwu Kana Radja Kalumata
Lumenta Mandagi Pangemanan Rumengan Sumual Tumbelaka Wowor Waworuntu Lengkong Kaunang Kawilarang Mamahit
Pandeiroot Laoly Telaumbanua Gulo Harefa Waruwu Zebua Halawa
"""
BALI_F = """
Suryani Suastini Artini Sriasih Suartini/Soeartini Sudarmi/Soedarmi Ratih Mirah Ayu Puspawati Lestari
Widiantari Pradnyani Kerti Murni Sukerti Sukarini Sukasih Rasmini Resmini Wartini Warsiki Sutarmi Suciati
Yuliani Purnami Pertiwi Arini Ariani Astiti Cempaka Darmayanti Dewi Eka Indrayani Kusumadewi Laksmi Maharani
Mariani Megawati Nadi Oka Padmini Parwati Rai Rusmini Sandat Saraswati Sasih Sekar Suandewi Sugiani Sumerti
Suwitri Taman Trisnayanti Utari Wati Yanti
"""
BALI_M = """
Suardana Sudiana Sudarma Putra Wijaya Suarjana Sukarma Astawa Arnawa Artana Ardana Budiasa Darma Darmawan
Diana Eka Gunarsa Jaya Kerta Kertiyasa Mahardika Mahendra Merta Mudita Murdana Nadi Negara Oka Pande Parwata
Pastika Pradnyana Purna Rai Rata Semadi Sentana Suama Suartana Suastika Subrata Sudana Sudira Suparta Sugita
Sukadana Sumerta Suwirya Widana Widiada Winaya Wirawan Wiryawan Yasa Yudana
"""
BUGIS = """
Daeng/Dg. Tenri Besse Baso/Basso Tenriola Ampa Tata Ngalle Kebo Bunga Pangeran Mappanyukki Makkasau Lamading
Tahir Hafid Rahim Mallarangeng Pettarani Mattalatta Baharuddin Hasanuddin/Hasanudin Syamsuddin Ilham
Amiruddin Burhanuddin Jafar Tappa Sultan Patiwiri Sose Mappatunru Dahlan Basir Rahman Nur Asiah Palewai Lolo
Cening Intang Caya Sompa Malla Sitaba
"""
CHINESE = """
Wijaya/Widjaja Halim Salim Gunawan Tan Lim/Liem Lie Kusuma Hartono Santoso Susanto/Soesanto Setiawan
Tanuwijaya/Tanuwidjaja Gozali Kurniawan Limanto Hidajat Sutanto/Soetanto Tanoto Liando Chandra/Candra
Darmadi Budiman Hadinata Harjono Irawan Juwono Kosasih Lesmana Mulia Nugraha Oey/Oei Pranata Rusli
Sanjaya/Sandjaja Setiadi Suganda Suryadi Sudono Tedja Tjandra Tjahjadi/Cahyadi Ang Utama Wibisono Winata
Wongso Yusuf Kwee The Gunadi Angkasa Atmaja Lukito Tjia Sie Go/Gouw Ong Tio Njoo Kho Khouw Phan
"""
CHINESE_F = """
Maria Mei Siu/Siauw Lan Hwa Ling Jessica/Yesika Stephanie/Stefani Felicia/Felisia Vivian/Fifian Clara/Klara
Michelle Angela Natalia Cynthia/Sintia Jennifer Olivia Melissa/Melisa Lily/Lili Meilani Cecilia/Sesilia
Agnes Caroline/Karolin Monica/Monika Fanny/Fani Yenny/Yeni Linda Imelda Veronica/Veronika Grace
Silvia/Sylvia Evelyn/Evelin Patricia Gracia Inge Irene Janice Kezia Lusiana Nathania Priscilla Rosemary
Sherly/Serli Tiffany Valencia Yolanda Yovita
"""
CHINESE_M = """
Kevin/Kepin Hendra Hendrik Steven/Stefen Andy/Andi Budi Eric/Erik Felix/Feliks Ferry/Feri Hadi Jimmy
Johan/Yohan Jonathan/Yonatan Kenny Leonardo Michael/Mikael Nicholas/Nikolas Rudy/Rudi Robert Ricky/Riki
Sandy Tommy/Tomi Vincent/Vinsen William/Wiliam Willy Yohanes/Johannes Anton Albert Alvin Andrew Benny Bobby
Calvin Christian/Kristian Daniel David Dennis Edwin Ferdinand Gerald Harry Ivan Jason Jeffry Julius Lukas
"""


@dataclass(frozen=True)
class Pool:
    """Words with the running totals of their shares, so that one random number finds one word."""

    words: tuple[tuple[str, ...], ...]
    totals: tuple[float, ...]

    def pick(self, rng: random.Random) -> str:
        """This will give one word in one of its spellings, common words more often."""
        spellings = self.words[bisect(self.totals, rng.random() * self.totals[-1], 0, len(self.totals) - 1)]
        if len(spellings) == 1 or rng.random() < USUAL:
            return spellings[0]
        return spellings[int(rng.random() * (len(spellings) - 1)) + 1]


def _pool(*texts: str, head: float = 1.0) -> Pool:
    """Zipf's law over the texts one after another; a larger `head` flattens the first ranks."""
    words = tuple(dict.fromkeys(tuple(word.split("/")) for word in " ".join(texts).split()))
    return Pool(words, tuple(accumulate(1 / (rank + head) for rank, _ in enumerate(words, start=1))))


def _coined(onsets: str, middles: str, ends: str) -> str:
    """The long tail of a register, built as such names are: Kar-s-inah, Tar-m-idi, Key-la, Raf-ka."""
    return " ".join("".join(sounds) for sounds in product(onsets.split(), middles.split(), ends.split()))


@dataclass(frozen=True)
class Custom:
    """How one part of the country names its people.

    `lengths` are running totals: the share of names of 1, of at most 2, of at most 3 words. `alone` gives the
    single names: hardly anybody is called only Muhammad or Siti.
    """

    share: float
    lengths: tuple[float, float, float]
    first: Pool
    more: Pool
    family: Pool | None = None
    alone: Pool | None = None


_OLD_ONSETS, _OLD_MIDDLES = (
    "Kar Tar War Sar Mar Par Dar Nar Kas Ras Las Was Kus Rus Tus Wag Nga Tug Jum Kam",
    "s t m d n w",
)
_VILLAGE_F = _coined(_OLD_ONSETS, _OLD_MIDDLES, "inah iyem ini iyah iyati inem iati")
_VILLAGE_M = _coined(_OLD_ONSETS, _OLD_MIDDLES, "ono idi ito imin ijo anto iman")
_YOUNG_F = _coined(
    "Az Al Na Ka Kei She Rai Vi Ar Fe Mi De Me Ce Ra Sa Za Qi", "l r n z sy v", "ia a ina ika isa ira ani"
)
_YOUNG_M = _coined(
    "Ar Ra Na Fa Al Za Rey Ke Da Gi Ab Ja Ha Ma Ri Vi El Sa", "f k z l d n v", "an i ar in o en"
)
_BALI_ORDER_F = _pool(
    "Ni_Wayan/Ni_Wyn. Ni_Made/Ni_Md. Ni_Luh Ni_Ketut Ni_Nyoman/Ni_Nym. Ni_Putu Ni_Kadek Ni_Komang Putu "
    "I_Gusti_Ayu/I_Gst._Ayu Kadek Komang Made Ida_Ayu Anak_Agung/A.A. Desak Luh"
)
_BALI_ORDER_M = _pool(
    "I_Wayan/I_Wyn. I_Made I_Ketut I_Nyoman/I_Nym. I_Gede I_Putu I_Kadek I_Komang Putu Gede Made "
    "I_Gusti/I_Gst. I_Gusti_Ngurah/I_Gst._Ngr. Ida_Bagus Anak_Agung Dewa Ngurah"
)

# Batak, Chinese and smaller shares are those of Jakarta in the census of 2010 (BPS); the second line is the
# older Javanese way of naming. The heads of the single names follow the identity cards of 2024: among men the
# commonest full name (Sutrisno, 144,497) has about 1,400 in a million, the tenth (Suparman, 84,749) 840;
# among women Nurhayati (254,922) 2,500. Source: lists of the civil registration, Kemendagri, published 2025.
_MORE_F, _MORE_M = _pool(SECOND_F, MUSLIM_F, _YOUNG_F, head=8), _pool(SECOND_M, MUSLIM_M, _YOUNG_M, head=8)
_BATAK_END, _CHINESE_END, _EAST_END = _pool(BATAK, head=6), _pool(CHINESE, head=4), _pool(EAST, head=8)
_CHRISTIAN_F, _CHRISTIAN_M = _pool(BATAK_F, head=4), _pool(BATAK_M, head=4)
_CITY_F, _CITY_M = _pool(CHINESE_F, head=4), _pool(CHINESE_M, head=4)
# fmt: off
_CUSTOMS: dict[Sex, tuple[Custom, ...]] = {
    "f": (
        Custom(0.62, (0.08, 0.58, 0.92), _pool(MUSLIM_F, _YOUNG_F), _MORE_F, alone=_pool(MUSLIM_F, head=20)),
        Custom(0.24, (0.42, 0.87, 0.99), _pool(JAVA_F, _VILLAGE_F, head=20), _pool(SECOND_F, head=8)),
        Custom(0.034, (0.02, 0.65, 0.95), _CHRISTIAN_F, _pool(SECOND_F, head=8), _BATAK_END),
        Custom(0.01, (0.02, 0.70, 0.96), _BALI_ORDER_F, _pool(BALI_F, head=6)),
        Custom(0.01, (0.02, 0.62, 0.94), _pool("Andi/A. Nur", MUSLIM_F, head=2), _pool(BUGIS, SECOND_F)),
        Custom(0.066, (0.02, 0.62, 0.97), _CITY_F, _pool(CHINESE_F, SECOND_F, head=4), _CHINESE_END),
        Custom(0.02, (0.02, 0.64, 0.97), _pool(BATAK_F, "Yosina Yohana Goreti"), _CHRISTIAN_F, _EAST_END),
    ),
    "m": (
        Custom(0.62, (0.08, 0.60, 0.94), _pool(MUSLIM_M, _YOUNG_M), _MORE_M, alone=_pool(MUSLIM_M, head=20)),
        Custom(0.24, (0.42, 0.87, 0.99), _pool(JAVA_M, _VILLAGE_M, head=20), _pool(SECOND_M, JAVA_M, head=8)),
        Custom(0.034, (0.02, 0.65, 0.95), _CHRISTIAN_M, _pool(BATAK_M, head=8), _BATAK_END),
        Custom(0.01, (0.02, 0.70, 0.96), _BALI_ORDER_M, _pool(BALI_M, head=6)),
        Custom(0.01, (0.02, 0.62, 0.94), _pool("Andi/A.", MUSLIM_M, head=2), _pool(BUGIS, SECOND_M)),
        Custom(0.066, (0.02, 0.62, 0.97), _CITY_M, _CITY_M, _CHINESE_END),
        Custom(0.02, (0.02, 0.64, 0.97), _pool(BATAK_M, "Yakobus Matius Markus"), _CHRISTIAN_M, _EAST_END),
    ),
}
# fmt: on
_SHARES = {sex: tuple(accumulate(custom.share for custom in customs)) for sex, customs in _CUSTOMS.items()}


def person_name(rng: random.Random, sex: Sex) -> str:
    """This will make up one person's name, of one to four words, spelled as some officer would spell it."""
    shares = _SHARES[sex]
    custom = _CUSTOMS[sex][bisect(shares, rng.random() * shares[-1], 0, len(shares) - 1)]
    count = bisect(custom.lengths, rng.random()) + 1
    words = [(custom.alone or custom.first if count == 1 else custom.first).pick(rng)]
    for place in range(2, count + 1):
        pool = custom.family if custom.family is not None and place == count else custom.more
        word = pool.pick(rng)
        if word not in words:
            words.append(word)
    while len(words) == 1 and words[0].endswith("."):  # nobody is called by an abbreviation alone
        words = [custom.first.pick(rng)]
    return " ".join(words).replace("_", " ")


def phone(rng: random.Random) -> str:
    """This will make up a mobile number that no network gives out: 0800-000-xxxx."""
    return f"0800-000-{int(rng.random() * 10_000):04d}"


_WHO = """\
Pelapor
Ibu yang melapor
Seorang tetangga
Guru kelas
Kader posyandu
Keluarga
Teman dekatnya
Ketua RT
Petugas puskesmas
Rekan kerjanya""".splitlines()
_SAYS = """\
menyampaikan bahwa
bercerita bahwa
memberi tahu petugas bahwa
mengabarkan lewat telepon bahwa
menulis di formulir bahwa""".splitlines()
_WHAT = """\
ia sering dimarahi dan diancam di rumah
uang belanja ditahan sejak beberapa bulan lalu
ia dilarang bekerja dan bertemu keluarganya
anak tidak lagi diizinkan bersekolah
ia takut pulang setelah pertengkaran semalam
anak tampak murung dan sering tidak masuk kelas
ia menerima pesan yang mengganggu dari seseorang yang dikenalnya
fotonya disebarkan tanpa izin di grup percakapan
ia diperlakukan tidak pantas oleh atasannya
nafkah anak tidak diberikan setelah perpisahan
anak dititipkan tanpa kabar kepada kerabat jauh
ia dibujuk menerima pekerjaan di luar kota yang tidak jelas
anak akan dinikahkan sebelum cukup umur
ia dikuntit sepulang kerja
anak diejek dan dikucilkan teman sekolahnya""".splitlines()
_WHEN = """\
Kejadian terakhir terjadi minggu lalu.
Hal ini sudah berlangsung sekitar setahun.
Kejadian terakhir kemarin sore.
Ini pertama kalinya ia berani bercerita.
Hal serupa pernah terjadi sebelumnya.
Keadaannya memburuk sejak bulan lalu.""".splitlines()
_NEEDS = """\
Ia ingin berbicara dengan petugas perempuan.
Ia berharap didampingi ke kantor polisi.
Ia memerlukan tempat aman untuk sementara.
Ia ingin tahu langkah hukum yang bisa diambil.
Ia berharap anaknya dapat bertemu psikolog.
Ia minta dihubungi hanya pada siang hari.
Ia belum ingin keluarganya tahu.
Saat ini ia berada di rumah saudaranya.""".splitlines()


def narrative(rng: random.Random) -> str:
    """This will make up a short, gentle report in plain Indonesian, of one to three sentences."""
    sentences = [f"{rng.choice(_WHO)} {rng.choice(_SAYS)} {rng.choice(_WHAT)}."]
    if rng.random() < 0.6:
        sentences.append(rng.choice(_WHEN))
    if rng.random() < 0.7:
        sentences.append(rng.choice(_NEEDS))
    return " ".join(sentences)
